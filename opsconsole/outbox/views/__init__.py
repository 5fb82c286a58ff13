"""The pages of channels and of deliveries."""
