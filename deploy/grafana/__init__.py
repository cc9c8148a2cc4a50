"""Dashboards over the views for analysts: plain data, written as the JSON that Grafana provisions."""
