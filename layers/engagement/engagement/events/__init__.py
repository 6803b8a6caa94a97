"""Every fact that comes in or goes out, as pydantic models; their JSON Schemas are published under events/schemas/."""
