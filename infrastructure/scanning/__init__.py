"""Is this file what it says, can it be opened safely, and does it carry anything harmful?"""
