"""The cellar: one session, bound in one statement; PostgreSQL checks every row again."""
