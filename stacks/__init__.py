"""The Pulumi program: load, design, and declare what the plan says, one module per layer."""
