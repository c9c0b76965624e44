"""The app's page on quality: the last runs, their trend, slices by language, the worst cases, and drafts of cases."""
