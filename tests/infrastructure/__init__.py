"""The adapters and the embedded services, on real components."""
