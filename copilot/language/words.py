"""Function words and abbreviations of our languages: what carries grammar, not meaning. Written for this project."""

from __future__ import annotations

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(text.split())
    for language, text in {
        "en": """mean means meaning stand stands definition define defined called a an the of to in on at by for from
            with without as is are was were be been being am do does did has have had will would shall should
            can could may might must not no nor and or but if then than that this these those it its they them
            their there here he she his her him we us our you your i me my who whom whose which what when where
            why how many much often long any all each every some such into onto over under after before during
            between about against while until per so also only very more most less least other another same own
            both few out up down off once again tell give show find please want need know get got happens happen""",
        "de": """versteht verstehen bedeutet bedeuten definition steht nennt der die das des dem den ein eine einer
            eines einem einen kein keine keiner keinen keinem und oder aber wenn dann als wie was wer wem wen
            wessen welche welcher welches welchen welchem wann wo warum wieso weshalb womit wofür woran wodurch
            wozu worauf viel viele ist sind war waren sein wird werden wurde wurden worden hat haben hatte
            hatten kann können konnte muss müssen musste soll sollen sollte darf dürfen mag nicht auch nur noch
            schon sehr mehr zu zum zur im in am an auf aus bei beim mit nach von vom vor für durch gegen ohne um
            über unter zwischen bis während seit wegen es er sie ihr ihre ihrem ihren sich man wir uns ich mir
            mich du dir mein seine dieser diese dieses diesem diesen jeder jede jedes dass ob so da dort hier
            denn doch lautet heißt gibt bitte liegt gilt gehört erfolgt passiert macht gemacht geschieht""",
        "fr": """signifie désigne veut dire définition entend appelle le la les l un une des du de d au aux et ou
            mais si que qu qui quoi dont où quand comment pourquoi combien quel quelle quels quelles lequel
            laquelle ce cet cette ces c est sont était étaient être été a ont avait avoir sera seront fait faire
            faut doit doivent peut peuvent ne n pas plus moins très en dans sur sous par pour avec sans chez
            vers entre pendant avant après depuis lors il elle ils elles on nous vous je tu me se s sa son ses
            leur leurs mon ma mes votre vos notre nos y lui eux même aussi donc comme font arrive passe tout
            tous toute toutes chaque autre autres t quelqu""",
        "es": """significa entiende definición llama quiere decir el la los las un una unos unas de del al a en con
            sin por para sobre entre hasta desde durante según y e o u pero si no ni que qué quien quién quienes
            cuál cual cuáles cuándo cuando cómo como dónde donde cuánto cuánta cuántos cuántas porque es son era
            eran ser sido está están estaba fue fueron ha han había hay haber tiene tienen debe deben puede
            pueden se su sus lo le les me mi tu nos este esta estos estas ese esa eso esto aquel más menos muy
            también ya cada otro otra otros otras todo toda todos todas hace hacer cuyo cuya hizo hacen hicieron
            pasa pasó tuvo ella ello ellos""",
        "it": """significa intende definizione chiama vuol dire il lo la i gli le l un uno una di del dello della dei
            degli delle a al allo alla ai agli alle da dal dalla dai dalle in nel nello nella nei nelle su sul
            sulla sui sulle con senza per tra fra e ed o ma se non né che chi cosa cui quale quali quando come
            dove perché quanto quanta quanti quante è sono era erano qual essere stato stata stati state ha
            hanno aveva avere viene vengono deve devono può possono si sua suo suoi sue ci vi ne li mi ti questo
            questa questi queste quello quella quelli più meno molto anche già ogni altro altra altri altre
            tutto tutti tutte tutta d dell nell all dall sull fa fare fatto fanno succede avviene cos""",
        "pt": """significa entende definição chama quer dizer o a os as um uma uns umas de do da dos das ao aos à às
            em no na nos nas num numa com sem por pelo pela pelos pelas para sobre entre até desde durante e ou
            mas se não nem que quem qual quais quando como onde porque quanto quanta quantos quantas é são era
            eram ser sido está estão estava foi foram tem têm tinha há haver deve devem pode podem seu sua seus
            suas lhe me meu minha este esta estes estas esse essa isso isto aquele mais menos muito também já
            cada outro outra outros outras todo toda todos todas faz fazer fez fazem feito acontece cujo cuja
            você vocês""",
        "pl": """oznacza znaczy rozumie definicja nazywa i oraz lub albo ale jeśli jeżeli gdy że żeby aby to ten ta
            te tego tej tych temu tym tymi w we z ze na do od dla po przy przez pod nad przed za o u bez między
            podczas według jest są był była było były być będzie będą zostać został została zostało zostały ma
            mają miał może mogą należy trzeba musi muszą nie tak co kto kogo czego czym jak jaki jaka jakie
            jakiego jakiej jakim jakich który która które którego której którym których kiedy gdzie dlaczego ile
            czy się jego jej ich swój swoje on ona ono oni my wy ja mnie mi nam nas tylko też także już jeszcze
            bardzo więcej mniej każdy każda każde inny inna inne wszystkie ponieważ robi robić zrobić dzieje
            jaką""",
        "zh": """定义 意思 指 是指 什么是 含义 叫做 的 了 是 在 和 与 及 或 也 都 就 而 但 如果 则
            吗 呢 吧 啊 什么 谁 哪 哪个 哪些 哪里 何时 何 如何 怎么 怎样 为什么 为何 多少 几 多
            这 那 这个 那个 其 之 被 把 对 从 到 向 为 由 以 于 将 会 能 可以 应 应该 需要 要
            请 请问 有 没有 不 上 下 中 里 个 种 时 后 前 一个 哪种 是否 多大 多长 多久 它 我
            你 他 我们 你们""",
    }.items()
}

# "Wie hoch", "how long", "jak często": after a question word these ask, and name nothing.
QUESTION_WORDS = frozenset({"wie", "how", "jak"})
MEASURED = frozenset(
    """hoch lange lang oft groß weit schwer dick tief schnell stark breit warm heiß häufig schnell spät früh teuer
    high long often large far heavy thick deep fast hot wide big soon strong quickly frequently tall
    długo często wysoka wysoki wysokie duży duża duże głęboko szybko daleko ciężki ciężka gruby gruba""".split()
)

_ABBREVIATIONS = """
    e.g i.e etc vs fig figs no nos approx max min ref rev sec ch vol dept mr mrs dr prof inc ltd co st temp incl
    z.b bzw ca vgl nr abb kap tab usw u.a d.h ggf inkl evtl str abs bsp max mind min ing dipl gem sog zul lfd
    p.ex ex env cf art réf réf n° fig p pp chap m mm éq tél
    p.ej ej núm pág págs cap aprox fig máx mín tel sr sra dra ud uds
    p.es es n pag pagg cap circa art sig ing rif tab mass vs
    p.ex pág núm nº cap aprox eng sr sra máx mín
    np tj tzn itp itd ok nr rys tab str ul dr inż mgr m.in pkt poz wg ww godz min maks
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())


def function_words(language: str) -> frozenset[str]:
    """The function words of a language; empty for a language that we do not know."""
    return FUNCTION_WORDS.get(language, frozenset())
