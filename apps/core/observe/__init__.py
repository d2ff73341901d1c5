"""What an installation tells of itself: logs, whether it lives and can serve, figures."""
