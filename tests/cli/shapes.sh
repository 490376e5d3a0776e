# Corpora of every size and shape: what is alike is found whatever the texts look like.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

paper() { # id, title, abstract; an empty one is left out
    printf '{"id":"%s"%s%s}\n' "$1" "${2:+,\"title\":\"$2\"}" "${3:+,\"abstract\":\"$3\"}"
}

# The first suggestion for a paper is another one.
expect_first() { # paper, suggestion
    rec similar -k 1 --format trec "$1"
    expect_equal "$2" "$(listed out)"
}

expect_mutual() { # two papers
    expect_first "$1" "$2"
    expect_first "$2" "$1"
}

# Enough of another kind that an answer can be wrong.
{
    paper other-1 'Tariffs and grain prices in river ports' 'Toll registers of four ports show how tariffs moved the price of grain downstream.'
    paper other-2 'Bridge decks under repeated frost' 'Salt and frost open cracks in concrete decks; a sealing coat delays them by nine winters.'
    paper other-3 'Voting by mail and turnout' 'Turnout rose by two points where ballots came by mail, most among tenants who had moved.'
    paper other-4 'Sleep in shift workers' 'Nurses on rotating shifts slept less and woke more often than nurses on fixed nights.'
} >others.jsonl

it 'papers that have a title alone find each other'
{
    paper t1 'Pollination of alpine orchids by bumblebees'
    paper t2 'Bumblebees and the pollination of orchids above the tree line'
} >titles.jsonl
must import -q others.jsonl titles.jsonl
expect_mutual t1 t2

it 'papers that have an abstract alone find each other, and titles find abstracts'
{
    paper a1 '' 'Snow avalanches release where a weak layer of depth hoar lies under a slab; we measure the fracture of depth hoar.'
    paper a2 '' 'The fracture toughness of depth hoar decides whether a slab above it releases as an avalanche.'
    paper a3 'Depth hoar and the release of slab avalanches'
} >abstracts.jsonl
must import -q abstracts.jsonl
rec similar -k 2 --format trec a3
expect_equal 'a1 a2' "$(listed out | sort | tr '\n' ' ' | sed 's/ $//')"

it 'an abstract of one sentence finds one of fifty thousand characters'
filler=$(awk 'BEGIN { for (i = 0; i < 700; i++) printf "The %d sample of lichen was weighed, dried and stained before its spores were counted. ", i }')
{
    paper long-1 'Counting lichen spores' "$filler"
    paper short-1 'A faster stain for lichen spores' 'Lichen spores take the stain within a minute.'
} >long.jsonl
must import -q long.jsonl
expect_number "$(wc -c <long.jsonl)" -ge 50000
expect_mutual long-1 short-1

it 'papers in another language find each other'
{
    paper es-1 'Erosión de las dunas costeras tras las tormentas de invierno' 'Medimos la erosión de dunas costeras después de tres tormentas.'
    paper es-2 'Vegetación y erosión en dunas costeras' 'La vegetación frena la erosión de las dunas durante las tormentas.'
    paper ru-1 'Миграция журавлей над степью' 'Мы наблюдали миграцию журавлей над степью весной и осенью.'
    paper ru-2 'Весенняя миграция журавлей' 'Журавли пересекают степь за две недели весной.'
} >languages.jsonl
must import -q languages.jsonl
expect_mutual es-1 es-2
expect_mutual ru-1 ru-2

it 'papers in scripts without spaces find each other'
{
    paper zh-1 '水稻田的甲烷排放' '我们测量了水稻田在灌溉期间的甲烷排放。'
    paper zh-2 '灌溉方式对水稻甲烷排放的影响' '间歇灌溉使稻田甲烷排放下降。'
    paper ja-1 '都市河川における微小プラスチックの分布' '都市河川の微小プラスチックを採取した。'
    paper ja-2 '微小プラスチックと河川の底生動物' '底生動物が河川の微小プラスチックを取り込む。'
    paper ar-1 'تآكل التربة في الوديان' 'قسنا تآكل التربة بعد الأمطار في الوديان.'
    paper ar-2 'الأمطار وتآكل التربة' 'تزيد الأمطار من تآكل التربة في الوديان الجافة.'
} >scripts.jsonl
must import -q scripts.jsonl
expect_mutual zh-1 zh-2
expect_mutual ja-1 ja-2
expect_mutual ar-1 ar-2

it 'mixed languages: an English abstract under a German title finds the English paper'
{
    paper de-1 'Verschleiß von Wälzlagern in Windkraftanlagen' 'Wear of roller bearings in wind turbines follows the number of stops, not the hours of service.'
    paper en-1 'Wear of roller bearings in wind turbines' 'Roller bearings wear with each stop of the turbine.'
} >mixed.jsonl
must import -q mixed.jsonl
expect_mutual de-1 en-1

it 'all upper case is the same text as lower case'
{
    paper loud 'CATALYTIC CRACKING OF HEAVY NAPHTHA' 'ZEOLITE CATALYSTS CRACK HEAVY NAPHTHA INTO OLEFINS.'
    paper quiet 'Olefins from heavy naphtha' 'A zeolite catalyst cracks naphtha and gives olefins.'
} >upper.jsonl
must import -q upper.jsonl
expect_mutual loud quiet

it 'mathematics and chemistry in LaTeX and in Unicode are the same words'
{
    paper m1 'Bounds on $\\\\zeta$-functions of $K3$ surfaces over $\\\\mathbb{F}_q$' 'We bound zeros of $\\\\zeta$-functions of K3 surfaces.'
    paper m2 'Zeros of ζ-functions of K3 surfaces' 'K3 surfaces over a finite field have ζ-functions whose zeros obey a bound.'
    paper c1 'Reduction of CO$_2$ on Cu$_2$O' 'CO$_2$ is reduced to methanol on Cu$_2$O cubes.'
    paper c2 'Methanol from CO₂ over Cu₂O cubes' 'Cubes of Cu₂O turn CO₂ into methanol.'
} >symbols.jsonl
must import -q symbols.jsonl
expect_mutual m1 m2
expect_mutual c1 c2

it 'near-copies do not drown a list'
{
    for i in 1 2 3 4 5 6; do
        paper "copy-$i" 'Groundwater recharge under olive groves' "Recharge under olive groves falls by a third when the soil is left bare between rows. Version $i."
    done
    paper recharge 'Bare soil between olive rows' 'Bare soil between rows of olives lowers the recharge of groundwater.'
} >copies.jsonl
must import -q copies.jsonl
rec similar -k 3 --format trec recharge
expect_equal 1 "$(listed out | grep -c '^copy-')"
rec similar -k 3 --versions keep --format trec recharge
expect_equal 3 "$(listed out | grep -c '^copy-')"

it 'stores of one and of two papers answer'
printf '%s\n' "$(head -n 1 others.jsonl)" >one.jsonl
head -n 2 others.jsonl >two.jsonl
must --db one.db import -q one.jsonl
expect_rec 0 --db one.db --format trec other-1
expect_empty out
must --db two.db import -q two.jsonl
expect_rec 0 --db two.db --format trec other-1
expect_equal other-2 "$(listed out)"
finish
