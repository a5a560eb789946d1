"""What a professional sees through a link: nothing before a code from the registered mailbox, then one referral."""
