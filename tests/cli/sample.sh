# The shipped sample: whole, varied enough to show what the program does, and answered as a reader of its papers would answer.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

it 'every record of the sample is taken'
expect_rec 0 import "$SAMPLE"
expect_in err ' 0 refused'
expect_not_in err 'neither title nor abstract'
expect_rec 0 check

# The papers by topic, as a reader sorts them. The names are those in the sample.
cat >topics <<'END'
reefs reef-larvae-2021 reef-biofilm-2023 smp:0001 reef-cloud-2024
reefs reef-symbiont-2025 reef-diadema-2022 arrecife-erizos-2023 reef-paste-amr-2024
batteries batt-argyrodite-2021 batt-coating-2022 batt-pressure-2025 batt-garnet-2019
batteries batt-garnet-dislocation-2023 batt-wetting-2020 batt-screen-2022 batt-gnn-conductor-2024
planets exo-clouds-2020 exo-limb-2023 exo-haze-2021 exo-escape-2022
planets exo-valley-mdwarf-2025 exo-lya-2019 exo-retrieval-npe-2024 exo-retrieval-bias-2022
compilers ra-ssa-2020 ra-spill-2022 ra-learned-2024 ra-jit-2025
compilers altinordu2021slp vec-postings-2023 egraph-extract-2023 egraph-peephole-2024
molecules gnn-equiv-2021 gnn-longrange-2023 gnn-schrodinger-2025 smp:0034
molecules gnn-scaffold-2020 gnn-fewshot-2024 gnn-abx-screen-2023 smp:0041
trade hanse-kontor-2019 hanse-rechnung-2021 hanse-tolls-2023 notary-genoa-2020
trade notary-seal-2024 notary-search-2022 roquefull2021grain coin-flows-2025
resistance abx-conj-2020 abx-gut-2022 abx-crispr-2025 collateral-pre-2023
resistance collateral-jour-2024 collateral-clinic-2021 smp:0055 abx-sewage-city-2024
retrieval ir-dense-neg-2021 ir-compress-2023 ir-lexical-dense-2025 ir-click-bias-2020
retrieval ir-click-trust-2022 smp:0062 ir-scirec-2022 ir-scirec-explain-2025
earthquakes eew-phones-2021 eew-das-2023 eew-threshold-2025 pick-transformer-2022
earthquakes pick-gnn-assoc-2024 hazard-gmm-2020 hazard-basin-2023 hazard-accounts-2019
END

it 'at least 64 papers in at least 8 topics have an abstract of some length'
: >names
with_abstract=0
while read -r topic ids; do
    for id in $ids; do
        expect_rec 0 show "$id"
        echo "$(sed -n 's/^id  *//p' out) $id $topic" >>names
        [ "$(sed '1,/^$/d' out | wc -c)" -lt 400 ] || with_abstract=$((with_abstract + 1))
    done
done <topics
expect_number "$(cut -d ' ' -f 3 names | sort -u | wc -l)" -ge 8
expect_number "$with_abstract" -ge 64
expect_rec 0 info --format json
expect_in out "\"papers\":$(wc -l <names | tr -d ' '),"

# The sample's name of the paper that is suggested first, and its topic, in $first.
suggest_first() { # id
    rec similar "$1" -k 1 --format trec
    expect_status 0
    first=$(awk -v id="$(listed out)" '$1 == id { print $2, $3 }' names)
}

# A paper, and those that a reader would hand on first. Written from the titles and abstracts alone.
cat >expected <<'END'
reef-larvae-2021 reef-biofilm-2023
reef-biofilm-2023 reef-larvae-2021
smp:0001 reef-cloud-2024 reef-symbiont-2025
reef-cloud-2024 smp:0001
batt-argyrodite-2021 batt-coating-2022 batt-pressure-2025
batt-coating-2022 batt-argyrodite-2021
batt-garnet-2019 batt-garnet-dislocation-2023 batt-wetting-2020
batt-garnet-dislocation-2023 batt-garnet-2019
batt-gnn-conductor-2024 batt-screen-2022
batt-screen-2022 batt-gnn-conductor-2024
exo-clouds-2020 exo-limb-2023 exo-haze-2021
exo-escape-2022 exo-valley-mdwarf-2025 exo-lya-2019
exo-retrieval-bias-2022 exo-retrieval-npe-2024
ra-spill-2022 ra-ssa-2020 ra-learned-2024 ra-jit-2025
ra-learned-2024 ra-ssa-2020 ra-spill-2022 ra-jit-2025
egraph-extract-2023 egraph-peephole-2024
egraph-peephole-2024 egraph-extract-2023
gnn-equiv-2021 gnn-longrange-2023 gnn-schrodinger-2025
gnn-fewshot-2024 smp:0034 gnn-scaffold-2020
hanse-kontor-2019 hanse-rechnung-2021 hanse-tolls-2023
coin-flows-2025 roquefull2021grain
abx-conj-2020 abx-gut-2022 abx-crispr-2025
abx-crispr-2025 abx-conj-2020 abx-gut-2022
collateral-pre-2023 collateral-jour-2024
collateral-jour-2024 collateral-pre-2023
smp:0055 abx-sewage-city-2024
abx-sewage-city-2024 smp:0055
ir-click-bias-2020 ir-click-trust-2022
ir-click-trust-2022 ir-click-bias-2020
ir-scirec-2022 ir-scirec-explain-2025
ir-compress-2023 ir-dense-neg-2021 ir-lexical-dense-2025
eew-das-2023 eew-phones-2021 eew-threshold-2025
pick-transformer-2022 pick-gnn-assoc-2024
hazard-gmm-2020 hazard-basin-2023
END
it 'the first suggestion is one that a reader would make, nine times in ten'
missed='' misses=0
while read -r seed accepted; do
    suggest_first "$seed"
    case " $accepted " in
    *" ${first% *} "*) ;;
    *) missed="$missed $seed: ${first% *}, not $accepted;" misses=$((misses + 1)) ;;
    esac
done <expected
ran="recommend similar ID, for every paper of the list; missed:$missed"
expect_number "$misses" -le $(($(wc -l <expected) / 10))

# Some papers stand between two topics on purpose; a reader grants each of the nine topics one of them.
it 'the first suggestion is of the same topic for all but the papers between two topics'
astray=0
while read -r _ id topic; do
    suggest_first "$id"
    [ "${first#* }" = "$topic" ] || astray=$((astray + 1))
done <names
ran='recommend similar ID, for every paper'
expect_number "$astray" -le 9

finish
