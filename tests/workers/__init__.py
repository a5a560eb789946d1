"""What happens afterwards."""
