"""Models that learn from data, and the data; they need scikit-learn."""
