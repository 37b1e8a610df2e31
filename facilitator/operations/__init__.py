"""What keeps an installation alive: preparing it, looking into it, copying it, and what it does by itself."""
