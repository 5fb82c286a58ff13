"""What all pages share: the shell, navigation, template tags, the stylesheet."""
