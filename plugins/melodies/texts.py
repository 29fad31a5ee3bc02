"""What the ready tones say, in each of the seven languages (M1). ``scripts/make-tones.py`` speaks
them; a sound's text is what a gateway says that cannot play it."""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "ru": {
        "greeting": "Здравствуйте! Благодарим вас за звонок. Пожалуйста, оставайтесь на линии.",
        "notice": "Обратите внимание: разговор будет записан.",
        "waiting": (
            "Сейчас все операторы заняты. Пожалуйста, оставайтесь на линии. Вам ответит первый"
            " освободившийся оператор."
        ),
        "voicemail": (
            "Пожалуйста, оставьте сообщение после сигнала. Мы перезвоним вам как можно скорее."
        ),
        "rating": (
            "Пожалуйста, оцените наш разговор. Нажмите клавишу от одного до пяти, где один –"
            " плохо, а пять – отлично."
        ),
        "thanks": "Спасибо за вашу оценку. До свидания.",
        "outside-hours": (
            "Спасибо за звонок. К сожалению, сейчас мы не работаем. Пожалуйста, перезвоните в"
            " рабочее время."
        ),
    },
    "en": {
        "greeting": "Welcome, and thank you for calling. We will be with you in a moment.",
        "notice": "Please note that this call will be recorded.",
        "waiting": (
            "All our colleagues are busy at the moment. Please stay on the line. Your call will be"
            " answered as soon as possible."
        ),
        "voicemail": (
            "Please leave your message after the tone. We will call you back as soon as possible."
        ),
        "rating": (
            "Please rate our conversation. Press a key from one to five, where one is bad, and"
            " five is excellent."
        ),
        "thanks": "Thank you for your rating. Goodbye.",
        "outside-hours": (
            "Thank you for calling. We are closed at the moment. Please call again during our"
            " opening hours."
        ),
    },
    "de": {
        "greeting": (
            "Herzlich willkommen, und vielen Dank für Ihren Anruf. Wir sind gleich für Sie da."
        ),
        "notice": "Bitte beachten Sie: Dieses Gespräch wird aufgezeichnet.",
        "waiting": (
            "Zurzeit sind alle Mitarbeiter im Gespräch. Bitte bleiben Sie am Apparat. Wir sind so"
            " bald wie möglich für Sie da."
        ),
        "voicemail": (
            "Bitte hinterlassen Sie Ihre Nachricht nach dem Signalton. Wir rufen Sie so bald wie"
            " möglich zurück."
        ),
        "rating": (
            "Bitte bewerten Sie unser Gespräch. Drücken Sie eine Taste von eins bis fünf. Eins"
            " bedeutet schlecht, fünf bedeutet ausgezeichnet."
        ),
        "thanks": "Vielen Dank für Ihre Bewertung. Auf Wiederhören.",
        "outside-hours": (
            "Vielen Dank für Ihren Anruf. Zurzeit haben wir geschlossen. Bitte rufen Sie während"
            " unserer Geschäftszeiten wieder an."
        ),
    },
    "uk": {
        "greeting": "Вітаємо! Дякуємо за ваш дзвінок. Будь ласка, залишайтеся на лінії.",
        "notice": "Зверніть увагу: розмову буде записано.",
        "waiting": (
            "Зараз усі оператори зайняті. Будь ласка, залишайтеся на лінії. Вам відповість перший"
            " вільний оператор."
        ),
        "voicemail": (
            "Будь ласка, залиште повідомлення після сигналу. Ми передзвонимо вам якнайшвидше."
        ),
        "rating": (
            "Будь ласка, оцініть нашу розмову. Натисніть клавішу від одного до п'яти, де один –"
            " погано, а п'ять – відмінно."
        ),
        "thanks": "Дякуємо за вашу оцінку. До побачення.",
        "outside-hours": (
            "Дякуємо за дзвінок. На жаль, зараз ми не працюємо. Будь ласка, зателефонуйте в"
            " робочий час."
        ),
    },
    "es": {
        "greeting": "Bienvenidos, y gracias por su llamada. Les atenderemos en un momento.",
        "notice": "Le informamos de que esta llamada será grabada.",
        "waiting": (
            "En este momento todos nuestros agentes están ocupados. Por favor, no cuelgue. Le"
            " atenderemos lo antes posible."
        ),
        "voicemail": (
            "Por favor, deje su mensaje después de la señal. Le llamaremos lo antes posible."
        ),
        "rating": (
            "Por favor, valore nuestra conversación. Pulse una tecla del uno al cinco. Uno es mala,"
            " y cinco es excelente."
        ),
        "thanks": "Gracias por su valoración. Adiós.",
        "outside-hours": (
            "Gracias por su llamada. En este momento estamos cerrados. Por favor, vuelva a llamar"
            " en nuestro horario de atención."
        ),
    },
    "pt": {
        "greeting": "Olá! Agradecemos a sua chamada. Iremos atender dentro de momentos.",
        "notice": "Informamos que esta chamada será gravada.",
        "waiting": (
            "De momento, todos os nossos colaboradores estão ocupados. Por favor, aguarde em linha."
            " Iremos atender assim que possível."
        ),
        "voicemail": (
            "Por favor, deixe a sua mensagem após o sinal. Entraremos em contacto assim que"
            " possível."
        ),
        "rating": (
            "Por favor, avalie a nossa conversa. Prima uma tecla de um a cinco. Um significa má, e"
            " cinco significa excelente."
        ),
        "thanks": "Agradecemos a sua avaliação. Até breve.",
        "outside-hours": (
            "Agradecemos a sua chamada. De momento estamos encerrados. Por favor, volte a ligar"
            " durante o nosso horário de atendimento."
        ),
    },
    "it": {
        "greeting": "Benvenuti, e grazie per averci chiamato. Vi risponderemo tra un momento.",
        "notice": "Vi informiamo che questa chiamata sarà registrata.",
        "waiting": (
            "In questo momento tutti i nostri operatori sono occupati. Vi preghiamo di restare in"
            " linea. Risponderemo appena possibile."
        ),
        "voicemail": (
            "Vi preghiamo di lasciare un messaggio dopo il segnale acustico. Vi richiameremo"
            " appena possibile."
        ),
        "rating": (
            "Vi preghiamo di valutare la nostra conversazione. Premete un tasto da uno a cinque,"
            " dove uno significa pessima, e cinque significa ottima."
        ),
        "thanks": "Grazie per la vostra valutazione. Arrivederci.",
        "outside-hours": (
            "Grazie per averci chiamato. In questo momento siamo chiusi. Vi preghiamo di"
            " richiamare durante l'orario di apertura."
        ),
    },
}
"""By language and tone. ``ringback`` and ``hold`` say nothing."""
