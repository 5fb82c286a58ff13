"""The pages of checklists: worksheets and their acts, and the templates behind them."""
