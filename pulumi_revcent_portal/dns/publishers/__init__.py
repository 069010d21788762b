"""Publishing DNS records: what is to change (a pure plan), and who carries it out. Nothing here knows Pulumi."""
