"""The REST API under /api/v1: conventions that every resource keeps, and the document of it all."""
