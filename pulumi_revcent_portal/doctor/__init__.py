"""Says why a portal does not work: checks of DNS, certificates, mail, reCAPTCHA and RevCent, which never write."""
