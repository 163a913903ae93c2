/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fits output to the terminal; see fit.h. */
#include "fit.h"
#include "audit/page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	NARROWEST = 20,
	BELOW = 4, /* how far what goes on is from the left, where it has no label */
};

int fit_width(void)
{
	const char *said = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(1))
		return 0;
	if (said && atoi(said) > 0)
		return atoi(said);
	return ioctl(1, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void fit_begin(struct fit *fit)
{
	fit->text = NULL;
	fit->out = fit_width() ? open_memstream(&fit->text, &fit->size) : NULL;
	if (!fit->out)
		fit->out = stdout;
}

/* The length of the label that LINE begins with, and the blanks behind it; 0: none. */
static size_t label_of(const char *line, size_t *label)
{
	const size_t lead = strspn(line, " ");
	const char *gap = strstr(line + lead, "  ");

	if (!gap)
		return 0;
	*label = (size_t)(gap - line);
	return *label + strspn(gap, " ");
}

/* Puts TEXT at column FIRST; what goes on is at column BELOW. */
static void put_part(struct page *page, const char *text, size_t first, size_t below)
{
	page_line(page, (unsigned)first, (unsigned)below);
	page_plain(page, text);
}

/* Puts the LINE, which it cuts. */
static void put_line(struct page *page, char *line)
{
	const size_t width = page->look->columns, len = strlen(line);
	size_t lead = strspn(line, " "), label, text = label_of(line, &label), word;

	if (!len) {
		page_gap(page);
		return;
	}
	word = strcspn(line + text, " ");
	if (!text || len <= width) {
		/* All of it may be behind a label of the line before. */
		if (lead > width / 2)
			put_part(page, line + lead, 2 * BELOW, 2 * BELOW);
		else
			put_part(page, line + lead, lead, lead + BELOW);
		return;
	}
	if (text <= width / 2 && text + word <= width) {
		put_part(page, line + lead, lead, text);
		return;
	}
	line[label] = '\0';
	put_part(page, line + lead, lead, lead + BELOW);
	/* A word that fits is not broken. */
	lead = word + 2 * BELOW <= width ? 2 * BELOW : word < width ? width - word : 0;
	put_part(page, line + text, lead, lead);
}

void fit_end(struct fit *fit)
{
	const int width = fit_width();
	const struct report_look look = {
		.columns = width < NARROWEST ? NARROWEST : (unsigned)width,
	};
	struct page page = { .out = stdout, .look = &look };

	if (fit->out == stdout)
		return;
	if (fclose(fit->out) == 0 && fit->text)
		for (char *line = fit->text, *end; (end = strchr(line, '\n'));
		     line = end + 1) {
			*end = '\0';
			put_line(&page, line);
		}
	page_end(&page);
	free(fit->text);
}
