"""What happens when processes are killed in mid-work."""
