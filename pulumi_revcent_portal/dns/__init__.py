"""What the DNS says, asked at its authoritative servers; nothing here knows RevCent or Pulumi."""
