"""The same processes as containers: compose for one big host, Kubernetes manifests for a fleet. Written and checked, not run here."""
