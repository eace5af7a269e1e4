"""What analytics shows in the API: resources, one file each."""
