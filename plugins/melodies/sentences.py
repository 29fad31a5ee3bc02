"""Ready sentences beside the nine tones: what other plugins say where an admin has typed nothing.

They are heard on every gateway, in the language of the number's melodies: from a file like the
tones, as ``scripts/make-tones.py`` speaks them. A notice that names another key than the usual one
is spoken by the gateway.
"""

from __future__ import annotations

READY_KEY = "1"
"""The key that the files name."""

SENTENCES: dict[str, dict[str, str]] = {
    "ru": {
        "notice-opt-out": (
            "Обратите внимание: разговор будет записан. Если вы не согласны, нажмите {key}."
        ),
        "notice-opt-in": ("Мы хотели бы записать этот разговор. Если вы согласны, нажмите {key}."),
        "message-thanks": "Спасибо за ваше сообщение. До свидания.",
    },
    "en": {
        "notice-opt-out": (
            "Please note that this call will be recorded. If you do not want that, press {key}."
        ),
        "notice-opt-in": "We would like to record this call. If you agree, press {key}.",
        "message-thanks": "Thank you for your message. Goodbye.",
    },
    "de": {
        "notice-opt-out": (
            "Bitte beachten Sie: Dieses Gespräch wird aufgezeichnet. Wenn Sie das nicht möchten,"
            " drücken Sie die Taste {key}."
        ),
        "notice-opt-in": (
            "Wir möchten dieses Gespräch aufzeichnen. Wenn Sie einverstanden sind, drücken Sie die"
            " Taste {key}."
        ),
        "message-thanks": "Vielen Dank für Ihre Nachricht. Auf Wiederhören.",
    },
    "uk": {
        "notice-opt-out": (
            "Зверніть увагу: розмову буде записано. Якщо ви проти, натисніть {key}."
        ),
        "notice-opt-in": "Ми хотіли б записати цю розмову. Якщо ви згодні, натисніть {key}.",
        "message-thanks": "Дякуємо за ваше повідомлення. До побачення.",
    },
    "es": {
        "notice-opt-out": (
            "Le informamos de que esta llamada será grabada. Si no lo desea, pulse {key}."
        ),
        "notice-opt-in": "Nos gustaría grabar esta llamada. Si está de acuerdo, pulse {key}.",
        "message-thanks": "Gracias por su mensaje. Adiós.",
    },
    "pt": {
        "notice-opt-out": (
            "Informamos que esta chamada será gravada. Se não concordar, prima {key}."
        ),
        "notice-opt-in": "Gostaríamos de gravar esta chamada. Se concordar, prima {key}.",
        "message-thanks": "Agradecemos a sua mensagem. Até breve.",
    },
    "it": {
        "notice-opt-out": (
            "Vi informiamo che questa chiamata sarà registrata. Se non lo desiderate, premete"
            " {key}."
        ),
        "notice-opt-in": "Vorremmo registrare questa chiamata. Se siete d'accordo, premete {key}.",
        "message-thanks": "Grazie per il vostro messaggio. Arrivederci.",
    },
}
"""By language and name."""

KEY_WORDS = {
    "ru": {"1": "один", "*": "звёздочку"},
    "en": {"1": "one", "*": "star"},
    "de": {"1": "eins", "*": "Stern"},
    "uk": {"1": "один", "*": "зірочку"},
    "es": {"1": "uno", "*": "asterisco"},
    "pt": {"1": "um", "*": "asterisco"},
    "it": {"1": "uno", "*": "asterisco"},
}
"""What a key is called by language, where a voice could say it wrong."""


def text_of(language: str, name: str, key: str = READY_KEY) -> str:
    """A sentence.

    Args:
        language: one of those of the ready tones.
        name: of the sentence.
        key: the key that it names, if it names one: 0 to 9, or ``*``.
    """
    return SENTENCES[language][name].replace("{key}", KEY_WORDS[language].get(key, key))
