"""What both HTTP sides answer, as OpenAPI documents made from the routes."""
