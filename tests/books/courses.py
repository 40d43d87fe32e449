"""Courses to make books of: one in Arabic with everything in it, one that is badly meant."""

import hashlib
import io
from typing import Any

from PIL import Image

from lms.library.document import CourseDocument
from tests.documents import a_document

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30"><path d="M5 25H55L30 5Z"/></svg>'


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (320, 200), "#12324a").save(written, "PNG")
    return written.getvalue()


FILES = {"post.png": _picture(), "Post.PNG": _picture(), "gate.svg": DRAWING, "greeting.mp3": b"ID3 a greeting"}


def media(name: str) -> bytes:
    return FILES[name]


def _media() -> dict[str, Any]:
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "type": "application/octet-stream", "bytes": len(content)}
        for name, content in FILES.items()
    }


def with_lesson(body: str, **changes: Any) -> CourseDocument:
    """The tests' own course, its first lesson with this text in English; pictures and sound are there to be shown."""
    modules = a_document().model_dump(mode="json")["modules"]
    modules[0]["activities"][0]["body"] = {"en": body}
    return a_document(modules=modules, media=_media(), **changes)


LESSON = """\
## ما ستتعلمه

1. حيِّ الشخص.
2. عرِّف بنفسك: اذكر **اسمك** أو رقمك.

> [!SCENARIO] عند الجسر القديم
> الساعة 22:15. يوقف شرطيان دراجة نارية.

![صورة لمركز الشرطة](media/post.png "مركز الشرطة")

![تسجيل صوتي لتحية](media/greeting.mp3 "استمع إلى التحية")

> [!TRANSCRIPT]
> مساء الخير. أنا الشرطي 214.

- [ ] حيِّ الشخص
- [x] عرِّف بنفسك

> [!DECIDE] رجل يصرخ
> ماذا تفعل؟
>
> > [!REVEAL]
> > يهدأ الرجل.

| الجزء | ما تقوله | السبب |
| --- | --- | :---: |
| التحية | «مساء الخير» | تخفف الخوف |
| التعريف | «الشرطي 214» | يعرف من أنت |

> [!WARNING]
> لا تُمسك أحدًا بلا سبب.

> [!PRACTICE] في مناوبتك القادمة
> قل الأجزاء الخمسة بصوت عالٍ.

انظر [الأمم المتحدة](https://www.un.org/ar/) و[ما ستتعلمه](#s-ما-ستتعلمه).
"""


def _both(arabic: str, english: str) -> dict[str, str]:
    return {"ar": arabic, "en": english}


def _option(id: str, text: str, correct: bool = False) -> dict[str, Any]:
    return {"id": id, "text": {"ar": text}, "correct": correct, "feedback": {"ar": f"تعليق على {text}"}}


def arabic() -> CourseDocument:
    """A course whose source is Arabic and whose one lesson is also in English."""
    judged = {"feedback_right": {"ar": "أحسنت"}, "feedback_wrong": {"ar": "اقرأ الدرس ثانية"}}
    questions: list[dict[str, Any]] = [
        {
            "kind": "single_choice",
            "id": "first",
            "scenario": {"ar": "يسألك شخص عن اسمك."},
            "prompt": {"ar": "ماذا تفعل؟"},
            "image": {"file": "gate.svg", "alt": {"ar": "بوابة"}},
            "options": [_option("a", "أنصرف"), _option("b", "أذكر رقمي", True), _option("c", "أصرخ")],
        },
        {
            "kind": "numeric",
            "id": "hours",
            "prompt": {"ar": "كم ساعة؟"},
            "answer": 48,
            "tolerance": 0.5,
            "unit": {"ar": "ساعة"},
            **judged,
        },
        {
            "kind": "ordering",
            "id": "order",
            "prompt": {"ar": "رتِّب الخطوات."},
            "items": [{"id": each, "text": {"ar": text}} for each, text in (("a", "التحية"), ("b", "التعريف"))],
            **judged,
        },
    ]
    lesson = {
        "kind": "lesson",
        "id": "first-minute",
        "title": _both("الدقيقة الأولى", "The first minute"),
        "minutes": 20,
        "body": {"ar": LESSON},
        "law": {"ar": "أي قانون يسمح بالسؤال عن الهوية؟"},
    }
    quiz = {
        "kind": "quiz",
        "id": "quiz",
        "title": _both("اختبار", "Quiz"),
        "minutes": 5,
        "draws": [{"pool": "pool"}],
    }
    module = {"id": "service", "title": _both("خدمة الجمهور", "Public service"), "activities": [lesson, quiz]}
    return CourseDocument.model_validate(
        {
            "slug": "arabic-course",
            "code": "DP02",
            "source_language": "ar",
            "languages": ["ar", "en"],
            "title": _both("أسس الشرطة الديمقراطية", "Democratic policing"),
            "summary": {"ar": "ما معنى خدمة الجمهور."},
            "audience": {"ar": "المجندون"},
            "hours": 3,
            "text_date": "2026-11-01",
            "objectives": [{"id": "o", "text": {"ar": "أن تعرِّف بنفسك"}}],
            "glossary": [
                {"term": {"ar": "كرامة"}, "meaning": {"ar": "قيمة كل إنسان"}},
                {"term": {"ar": "أمر"}, "meaning": {"ar": "ما يطلبه الرئيس"}},
            ],
            "sources": [
                {"id": "ICCPR", "binding": "treaty", "title": {"ar": "العهد الدولي"}, "dated": "1966-12-16"},
                {"id": "CCLEO", "binding": "standard", "title": {"ar": "مدونة قواعد السلوك"}, "dated": "1979-12-17"},
            ],
            "modules": [module],
            "pools": [{"id": "pool", "title": {"ar": "أسئلة"}, "questions": questions}],
            "media": _media(),
        }
    )


HOSTILE = """\
<script>alert("run")</script><img src=x onerror=alert(1)>

[run](javascript:alert(1)) [data](data:text/html,<b>x</b>) [file](file:///etc/passwd) [nowhere](#nowhere)
[odd](https://exa_mple..com:99999/%zz) [port](http://a.example:70000/) [space](<https://a.example/a b|c>)
[host](https:///x) [good](https://example.org/a?b=1&c=2#d) [mail](mailto:desk@example.org) [bad](mailto:<x>)

# ![In a heading](media/post.png "caption")

## ² ½ &#12; \ufffe

## ² ½

[sound](media/greeting.mp3) [picture](media/post.png) [missing](media/none.png)
[![inside](media/Post.PNG)](https://a.example/)

before ![in a *line*](media/gate.svg "with a caption") after
**bold ![x](media/post.png "c") [a](https://b.example) end**

![gone](media/none.png) ![](media/post.png) ![far](https://tracker.example/x.png)

| a | b | c | d | e | f | g | h |
| - | - | - | - | - | - | - | -: |
| ![x](media/post.png "cell") | `code` | **b** | [l](#s-section) | <td> | &nbsp; | ]]> | &amp;amp; |

> [!LAW]
> > [!UNKNOWN"><script>]
> > ```html
> > </pre><script>alert(2)</script>
> > ```

- [ ] a
  1. b

     ***
7. c ![y](media/greeting.mp3)

line  
break\\
and `]]>` <!-- comment --> &lt;b&gt;
"""


def hostile() -> CourseDocument:
    """A course whose every word tries to be more than words."""
    words = '"><script>alert(3)</script>]]>&nbsp;{{ 7*7 }}\ufffe'
    return with_lesson(
        HOSTILE,
        title={"en": words},
        summary={"en": words},
        audience={"en": words},
        objectives=[{"id": "o", "text": {"en": words}}],
        glossary=[{"term": {"en": words}, "meaning": {"en": words}}],
        sources=[{"id": "X", "binding": "guidance", "title": {"en": words}, "dated": words}],
    )
