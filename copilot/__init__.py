"""Cross-language, cited and access-controlled question answering over engineering documents."""
