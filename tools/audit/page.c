/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in lines of a given width; see page.h. */
#include "page.h"
#include "core/character.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

static void set_style(struct page *page, const char *style)
{
	if (!page->look->colour || page->style == style)
		return;
	fprintf(page->out, "\033[%sm", style ? style : "0");
	page->style = style;
}

static void new_line(struct page *page, unsigned column)
{
	if (page->at)
		putc('\n', page->out);
	page->at = column;
	fprintf(page->out, "%*s", (int)column, "");
}

void page_line(struct page *page, unsigned first, unsigned indent)
{
	new_line(page, first);
	page->indent = indent;
}

void page_gap(struct page *page)
{
	page_end(page);
	putc('\n', page->out);
}

void page_end(struct page *page)
{
	if (page->at)
		putc('\n', page->out);
	page->at = 0;
}

/* Columns that a terminal gives to a character. */
static unsigned width_of(unsigned code)
{
	static const struct {
		unsigned first, last, width;
	} ranges[] = {
		{ 0x300, 0x36f, 0 },   { 0x1100, 0x115f, 2 },	{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },	{ 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 },	{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

/* The bytes of the character at TEXT, which has been escaped, and its columns. */
static size_t one_character(const char *text, size_t left, unsigned *width)
{
	unsigned code;
	size_t n = character_take((const unsigned char *)text, left, &code);

	*width = n ? width_of(code) : 1;
	return n ? n : 1;
}

static unsigned width_of_word(const char *word, size_t len)
{
	unsigned sum = 0, width;

	for (size_t i = 0; i < len; sum += width)
		i += one_character(word + i, len - i, &width);
	return sum;
}

/* A word longer than a line goes on in the next ones. */
static void put_word(struct page *page, const char *word, size_t len)
{
	const struct report_look *look = page->look;

	while (len) {
		unsigned width;
		size_t n = one_character(word, len, &width);

		if (look->columns && !look->whole && page->at + width > look->columns &&
		    page->at > page->indent)
			new_line(page, page->indent);
		fwrite(word, 1, n, page->out);
		page->at += width;
		word += n;
		len -= n;
	}
}

void page_plain(struct page *page, const char *text)
{
	while (*text) {
		size_t blanks = strspn(text, " ");
		size_t len = strcspn(text + blanks, " ");
		unsigned width = width_of_word(text + blanks, len);

		if (page->look->columns && blanks && page->at > page->indent &&
		    page->at + blanks + width > page->look->columns) {
			new_line(page, page->indent);
		} else {
			fprintf(page->out, "%*s", (int)blanks, "");
			page->at += (unsigned)blanks;
		}
		put_word(page, text + blanks, len);
		text += blanks + len;
	}
}

static void put_as(struct page *page, const char *style, const char *text, unsigned how)
{
	char *escaped = NULL;
	size_t size;
	FILE *out = open_memstream(&escaped, &size);

	if (!out)
		return;
	show_as(out, text, how);
	if (fclose(out) == 0) {
		set_style(page, style);
		page_plain(page, escaped);
		set_style(page, NULL);
	}
	free(escaped);
}

void page_put(struct page *page, const char *style, const char *text)
{
	put_as(page, style, text, 0);
}

void page_quoted(struct page *page, const char *style, const char *text)
{
	put_as(page, style, text, SHOW_QUOTED);
}
