"""What to do about it: portfolios, the marginal euro, robustness."""
