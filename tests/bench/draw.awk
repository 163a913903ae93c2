# SPDX-License-Identifier: LGPL-2.1-or-later
# A picture of a section of summary.awk's JSON: a bar for each result, as long as
# the logarithm of its ratio to running bare.
#
#   awk -f field.awk -f draw.awk -v section=NAME [-v also=NAME] -v title=TEXT bench.json >x.svg

function x(ratio) {
	return left + (ratio > 1 ? log(ratio) : 0) / log(most) * (width - left - right)
}

function text(at, y, anchor, what, more) {
	printf "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\"%s>%s</text>\n", at, y, anchor, more, what
}

/"section"/ && (field("section") == section || field("section") == also) {
	name[++n] = field("name")
	if (also != "")
		name[n] = name[n] ((field("section") == also) ? " (in /tmp)" : " (elsewhere)")
	ours[n] = field("name") ~ /^(shim|run)/
	ratio[n] = field("ratio") + 0
	value[n] = field("median") " " field("unit")
	if (ratio[n] > most)
		most = ratio[n]
}

END {
	width = 720
	left = 170
	right = 150
	step = 20
	most = most < 2 ? 2 : most * 1.05
	height = 60 + n * step
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" ", width, height, width, height
	print "font-family=\"sans-serif\" font-size=\"12\">"
	printf "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", width, height
	text(10, 20, "start", title ", as times of running bare (logarithmic)", " font-weight=\"bold\"")
	ticks = split("1 2 5 10 20 50 100 200 500 1000", tick, " ")
	for (i = 1; i <= ticks && tick[i] <= most; i++) {
		printf "<line x1=\"%d\" y1=\"32\" x2=\"%d\" y2=\"%d\" stroke=\"#ccc\"/>\n", x(tick[i]), x(tick[i]), height - 22
		text(x(tick[i]), height - 8, "middle", tick[i] " x", " fill=\"#555\"")
	}
	for (i = 1; i <= n; i++) {
		y = 34 + (i - 1) * step
		text(left - 8, y + 13, "end", name[i], "")
		printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", left, y + 2, x(ratio[i]) - left + 2, step - 5, ours[i] ? "#2a6fb0" : "#9aa5b1"
		text(x(ratio[i]) + 8, y + 13, "start", sprintf("%.2f x (%s)", ratio[i], value[i]), "")
	}
	print "</svg>"
}
