"""The public front door: find your school, and what Locality SEND Support is."""
