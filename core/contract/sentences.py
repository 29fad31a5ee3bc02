"""The few sentences that gateways say of their own, in the languages they are ready in.

Everything else a caller hears is a setting of the plugin that says it.
"""

from __future__ import annotations

from core.contract.steps import Say

ACCEPT = {
    "de": "Ein Anruf für Sie. Drücken Sie die Eins, um ihn anzunehmen.",
    "en": "You have a call. Press 1 to accept it.",
    "es": "Tiene una llamada. Pulse uno para aceptarla.",
    "it": "C'è una chiamata per lei. Prema uno per accettarla.",
    "pt": "Tem uma chamada. Prima um para aceitar.",
    "ru": "Вам звонок. Нажмите один, чтобы ответить.",
    "uk": "Вам дзвінок. Натисніть один, щоб відповісти.",
}
"""To a phone behind which a voicemail box could be (R6)."""

REFUSAL = {
    "de": "Diese Nummer ist nicht in Betrieb. Auf Wiederhören.",
    "en": "This number is not in service. Goodbye.",
    "es": "Este número no está en servicio. Adiós.",
    "it": "Questo numero non è attivo. Arrivederci.",
    "pt": "Este número não está em serviço. Adeus.",
    "ru": "Этот номер не обслуживается. До свидания.",
    "uk": "Цей номер не обслуговується. До побачення.",
}
"""To the caller of a number that is not in the account."""

APOLOGY = {
    "de": "Wir können Ihren Anruf gerade nicht annehmen. Bitte rufen Sie später noch einmal an.",
    "en": "We cannot take your call right now. Please call again later.",
    "es": "Ahora no podemos atender su llamada. Por favor, llame más tarde.",
    "it": "Al momento non possiamo rispondere. La preghiamo di richiamare più tardi.",
    "pt": "Neste momento não podemos atender a sua chamada. Por favor, ligue mais tarde.",
    "ru": "Сейчас мы не можем ответить на ваш звонок. Пожалуйста, перезвоните позже.",
    "uk": "Зараз ми не можемо відповісти на ваш дзвінок. Будь ласка, зателефонуйте пізніше.",
}
"""To a caller whom we cannot serve because our own house is on fire."""


def sentence(sentences: dict[str, str], language: str) -> Say:
    """A sentence in a language, else in English.

    Args:
        sentences: the same by language.
        language: a BCP 47 tag; its country is kept, for the voice.
    """
    name = language.replace("_", "-").partition("-")[0].lower()
    return Say(sentences[name], language) if name in sentences else Say(sentences["en"], "en")
