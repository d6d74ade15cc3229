"""fitspec."""
