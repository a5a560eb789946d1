"""The service itself: what schools, the locality, agencies and families see and do, one room for each noun."""
