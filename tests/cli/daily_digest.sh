# The script that runs every day: it imports what came in, sends what is due, makes up for missed days, and does not lose a mail that failed.
. "$SOURCE/tests/cli/lib.sh"

export DIGEST_FOLDER="$WORK/folder" DIGEST_FROM='Digest <digest@example.org>' DIGEST_TO=readers@example.org DIGEST_HEADLINES=3
export DIGEST_SEND="cat >>$WORK/mails" DIGEST_OPTIONS='--min-band none --quiet'
daily="$SOURCE/tools/daily-digest"
yesterday=$(date -u -d yesterday +%Y-%m-%d)

paper() { # id, day, topic
    printf '{"id":"%s","title":"%s %s in the field","abstract":"We study %s with new data.","date":"%s"}\n' "$1" "$3" "$1" "$3" "$2"
}
mails() {
    [ -f mails ] && grep -c '^Subject: ' mails || echo 0
}

it 'what lies in the inbox is imported and kept, and the day before gets its edition'
mkdir -p folder/inbox
for i in 1 2 3 4 5 6 7 8; do paper "p$i" "$yesterday" "coral reefs"; done >folder/inbox/today.jsonl
run "$daily"
expect_status 0
expect_equal yes "$([ -f folder/done/today.jsonl ] && echo yes)"
expect_equal 1 "$(mails)"
expect_in mails 'To: readers@example.org'
expect_equal "$yesterday" "$(cat folder/last-day)"

it 'a second run on the same day sends nothing'
run "$daily"
expect_status 0
expect_equal 1 "$(mails)"

it 'days that were missed are made up for, those without papers without a mail'
for back in 2 4; do paper "m$back" "$(date -u -d "$yesterday - $back days" +%Y-%m-%d)" "kelp forests"; done >folder/inbox/late.jsonl
date -u -d "$yesterday - 5 days" +%Y-%m-%d >folder/last-day
run "$daily"
expect_status 0
expect_equal 4 "$(mails)" # two missed days, and yesterday's once more: an edition that is made again is the same
expect_equal "$yesterday" "$(cat folder/last-day)"

it 'no more than a week is made up for'
echo 2020-01-01 >folder/last-day
run "$daily"
expect_status 0
expect_in err 'more than 7 days were missed'

it 'a mail that failed is neither marked nor forgotten'
paper f1 2025-01-01 'sea urchins' >folder/inbox/f.jsonl
date -u -d "$yesterday - 1 day" +%Y-%m-%d >folder/last-day
before=$(mails)
DIGEST_SEND='cat >/dev/null; exit 75' run "$daily"
expect_status 1
expect_in err 'was not sent'
expect_equal "$before" "$(mails)"
expect_equal "$(date -u -d "$yesterday - 1 day" +%Y-%m-%d)" "$(cat folder/last-day)"
run "$daily"
expect_status 0
expect_equal $((before + 1)) "$(mails)"

it 'headlines may be named for a day'
printf 'p3\n' >"folder/inbox/$yesterday.headlines"
run "$daily" "$yesterday"
expect_status 0
expect_in mails 'coral reefs p3'

it 'a file that cannot be imported stays, and is reported'
printf 'no record\n' >folder/inbox/good.txt
mkdir folder/inbox/bad
run "$daily"
expect_equal yes "$([ -d folder/inbox/bad ] && echo yes)"
expect_number "$status" -ne 0

if has systemd-analyze; then
    it 'systemd understands the units'
    sed "s|/usr/local/bin/daily-digest|$daily|; s|^User=.*||" "$SOURCE/tools/systemd/recommend-digest.service" >recommend-digest.service
    cp "$SOURCE/tools/systemd/recommend-digest.timer" .
    run systemd-analyze verify ./recommend-digest.timer ./recommend-digest.service
    expect_status 0
else
    skip 'the units: there is no systemd-analyze'
fi

finish
