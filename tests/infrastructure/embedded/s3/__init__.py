"""The parts of the embedded S3, one by one."""
