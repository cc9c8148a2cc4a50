"""Dashboards over the views for analysts, written as the JSON that Grafana provisions."""
