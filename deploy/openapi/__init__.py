"""OpenAPI documents of both HTTP sides, made from their routes."""
