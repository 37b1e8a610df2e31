"""What Flask-Security says to people, in our words.

Its own catalogues miss most of the Dutch texts. So its domain is pointed at ours: `_` only marks these texts for the
catalogue, and the library translates them when they are shown. What is not listed here is never shown to anybody.
"""

from __future__ import annotations


def _(text: str) -> str:
    return text


# A no is the same for a wrong address and a wrong password: it must not tell who has an account.
_NOT_RIGHT = _("The e-mail address or the password is not right. Try again, or choose a new password.")
_NEED_PASSWORD = _("Fill in your password.")
_NO_ADDRESS = _("That is not an e-mail address. It looks like name@example.org.")
_OLD_LINK = _("This link has been used or is too old. Fill in your e-mail address and we send you a new one.")
_NOT_ALLOWED = _("You may not see this page.")
_SIGN_IN_FIRST = _("Sign in to see this page.")

MESSAGES = {
    "API_ERROR": (_("That did not arrive well. Try again."), "error"),
    "GENERIC_AUTHN_FAILED": (_NOT_RIGHT, "error"),
    "USER_DOES_NOT_EXIST": (_NOT_RIGHT, "error"),
    "DISABLED_ACCOUNT": (_NOT_RIGHT, "error"),
    "INVALID_PASSWORD": (_("That is not your password."), "error"),
    "EMAIL_NOT_PROVIDED": (_("Fill in your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (_NO_ADDRESS, "error"),
    "PASSWORD_NOT_PROVIDED": (_NEED_PASSWORD, "error"),
    "PASSWORD_INVALID_LENGTH": (_("Choose a password of at least %(length)s characters."), "error"),
    "PASSWORD_IS_THE_SAME": (_("That is the password you have. Choose another one."), "error"),
    "PASSWORD_RESET_REQUEST": (
        _(
            "If there is an account with %(email)s, you get a mail with a link, and how long it works. "
            "No mail? Ask your administrator."
        ),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (_OLD_LINK, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_OLD_LINK, "error"),
    "PASSWORD_RESET_NO_LOGIN": (_("Your new password is saved. Sign in with it."), "success"),
    "PASSWORD_CHANGE": (_("Your new password is saved. On your other devices you are signed out."), "success"),
    "UNAUTHENTICATED": (_SIGN_IN_FIRST, "info"),
    "LOGIN": (_SIGN_IN_FIRST, "info"),
    "REFRESH": (_SIGN_IN_FIRST, "info"),
    "REAUTHENTICATION_REQUIRED": (_SIGN_IN_FIRST, "info"),
    "UNAUTHORIZED": (_NOT_ALLOWED, "error"),
    "ANONYMOUS_USER_REQUIRED": (_("You are signed in already."), "info"),
    "INVALID_REDIRECT": (_NOT_ALLOWED, "error"),
}
