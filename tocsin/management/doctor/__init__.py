"""What `tocsin doctor` looks at: this machine, the database, the ways out, the sending domains."""
