"""What we do about it: the response to incidents, and what is learnt."""
