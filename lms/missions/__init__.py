"""Missions to host forces, who is deployed to them, and the law in force there."""
