/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report in the format that was asked for; see report.h. */
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	NARROWEST = 20,
	USUAL_COLUMNS = 80,
	WIDEST_PROSE = 100, /* what can be read with ease */
};

static unsigned columns_told(void)
{
	const char *text = getenv("COLUMNS");
	long columns = text ? strtol(text, NULL, 10) : 0;

	return columns > 0 && columns < 10000 ? (unsigned)columns : 0;
}

void report_look_of(FILE *out, struct report_look *look)
{
	const char *terminal = getenv("TERM"), *plain = getenv("NO_COLOR");
	bool is_terminal = isatty(fileno(out));
	struct winsize size = { 0 };

	*look = (struct report_look){ .columns = columns_told(), .whole = !is_terminal };
	if (is_terminal && !look->columns && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		look->columns = size.ws_col;
	if (!look->columns)
		look->columns = USUAL_COLUMNS;
	if (look->columns < NARROWEST)
		look->columns = NARROWEST;
	if (look->columns > WIDEST_PROSE)
		look->columns = WIDEST_PROSE;
	look->colour = is_terminal && terminal && strcmp(terminal, "dumb") != 0 &&
		       !(plain && *plain);
}

static void text_that_fits(const struct report *report, FILE *out)
{
	struct report_look look;

	report_look_of(out, &look);
	report_text(report, &look, out);
}

bool report_write(const struct report *report, const char *format, FILE *out)
{
	static const struct {
		const char *word;
		void (*write)(const struct report *report, FILE *out);
	} formats[] = {
		{ "text", text_that_fits },
		{ "json", report_json },
		{ "sarif", report_sarif },
		{ "html", report_html },
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(format, formats[i].word)) {
			formats[i].write(report, out);
			return true;
		}
	return false;
}
