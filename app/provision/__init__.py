"""What a school puts in place for its pupils, who delivers it, and what it costs."""
