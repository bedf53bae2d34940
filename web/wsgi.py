"""What a web server imports: the application, told by the environment."""

from matcher.kit.settings import Settings
from web import create_app

app = create_app(Settings.from_env())
