/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report for people: what was run, what is wrong by rule, the most severe first, and
 * once a rule what to do instead and how it is attacked.
 */
#include "page.h"
#include "parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char bold[] = "1", dim[] = "2";

static const char *style_of(enum severity severity)
{
	static const char *const styles[] = {
		[SEVERITY_NOTE] = "2",
		[SEVERITY_LOW] = "36",
		[SEVERITY_MEDIUM] = "33",
		[SEVERITY_HIGH] = "1;31",
	};

	return styles[severity];
}

static void __attribute__((format(printf, 3, 4)))
put_format(struct page *page, const char *style, const char *format, ...)
{
	char *text;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return;
	page_put(page, style, text);
	free(text);
}

static void put_number(struct page *page, unsigned long long n, const char *one,
		       const char *more)
{
	put_format(page, NULL, "%llu %s", n, n == 1 ? one : more);
}

/* How many there are of each severity. */
static void write_counts(struct page *page, const struct severity_counts *counts)
{
	const char *before = ": ";

	page_line(page, 0, 0);
	put_number(page, counts->all, "finding", "findings");
	for (int s = SEVERITY_HIGH; s >= SEVERITY_NOTE; s--) {
		if (!counts->of[s])
			continue;
		page_put(page, NULL, before);
		put_format(page, style_of((enum severity)s), "%zu %s", counts->of[s],
			   severity_word((enum severity)s));
		before = ", ";
	}
	if (counts->suppressed)
		put_format(page, NULL, "; %zu suppressed", counts->suppressed);
	if (counts->baseline)
		put_format(page, NULL, "; %zu known from the baseline", counts->baseline);
	page_put(page, NULL, ".");
}

static void write_head(struct page *page, const struct report *report)
{
	struct severity_counts counts;

	if (report->command_line) {
		page_line(page, 0, 2);
		page_put(page, bold, report->command_line);
	}
	if (report->n_processes) {
		page_line(page, 0, 0);
		put_number(page, report->n_processes, "process", "processes");
		page_put(page, NULL, ", ");
		put_number(page, report->calls, "path call", "path calls");
		if (report->end.tv_sec)
			put_format(page, NULL, ", %.2f s",
				   seconds_since(report, report->end));
		page_put(page, NULL, ".");
	}
	if (report->not_counted) {
		page_line(page, 0, 0);
		put_format(page, style_of(SEVERITY_MEDIUM),
			   "%llu calls are not counted: there was no room for them.",
			   report->not_counted);
	}
	count_findings(report, &counts);
	write_counts(page, &counts);
}

/* A line with a label; nothing where there is no text. Frees TEXT. */
static void write_fact(struct page *page, const char *label, char *text)
{
	if (text && *text) {
		page_line(page, 4, 6);
		page_put(page, dim, label);
		page_put(page, NULL, " ");
		page_put(page, NULL, text);
	}
	free(text);
}

static void write_call(struct page *page, const struct finding *f)
{
	if (!f->call)
		return;
	page_line(page, 4, 6);
	page_put(page, NULL, f->call);
	if (!f->args)
		return;
	page_put(page, NULL, "(");
	page_quoted(page, NULL, f->args);
	page_put(page, NULL, ")");
}

static void write_first(struct page *page, const struct finding *f)
{
	char *site;

	if (!f->first_call)
		return;
	site = site_text(&f->first_site);
	page_line(page, 4, 6);
	page_put(page, dim, "after ");
	page_put(page, NULL, f->first_call);
	if (site && *site) {
		page_put(page, dim, " at ");
		page_put(page, NULL, site);
	}
	free(site);
}

static void write_finding(struct page *page, const struct report *report,
			  const struct finding *f)
{
	page_gap(page);
	page_line(page, 2, 4);
	page_put(page, bold, f->path ? f->path : f->message ? f->message : "");
	if (f->severity != worst_of(report, f->rule))
		put_format(page, style_of(f->severity), " [%s]",
			   severity_word(f->severity));
	if (f->count > 1)
		put_format(page, NULL, " (%llu times)", f->count);
	if (f->size)
		put_format(page, NULL, " (%llu byte%s)", f->size,
			   f->size == 1 ? "" : "s");
	write_call(page, f);
	write_fact(page, "at", site_text(&f->site));
	write_first(page, f);
	write_fact(page, "by", process_text(report, f));
	if (f->path && f->message) {
		page_line(page, 4, 4);
		page_put(page, NULL, f->message);
	}
	if (f->detail) {
		page_line(page, 4, 4);
		page_put(page, NULL, f->detail);
	}
	if (f->proof) {
		page_line(page, 4, 6);
		page_put(page, dim, "repeat it: ");
		page_quoted(page, NULL, f->proof);
	}
}

/* In one piece, so that a line's end comes only between numbers. */
static void write_numbers(struct page *page, const struct rule *rule)
{
	const char *lists[] = { rule->cwe, rule->cert }, *before = " (", *word;
	char text[128] = "";
	size_t to = 0, len;

	for (size_t i = 0; i < 2; i++)
		for (word = lists[i]; (word = next_word(word, &len)); word += len) {
			if (to + len + 4 >= sizeof text)
				return;
			to += (size_t)sprintf(text + to, "%s%.*s", before, (int)len,
					      word);
			before = ", ";
		}
	if (to)
		put_format(page, dim, "%s)", text);
}

static void write_rule(struct page *page, const struct report *report, enum rule_id id)
{
	const struct rule *rule = &rules[id];
	enum severity severity = worst_of(report, id);

	page_gap(page);
	page_line(page, 0, 2);
	page_put(page, style_of(severity), severity_word(severity));
	page_put(page, NULL, " ");
	page_put(page, bold, rule->name);
	put_format(page, NULL, ": %s", rule->title);
	write_numbers(page, rule);
}

/* What to do, and why, for the rule of F. */
static void write_advice(struct page *page, const struct finding *f)
{
	char *attack = attack_of(f), *rest = attack;

	page_gap(page);
	page_line(page, 2, 4);
	page_put(page, dim, "instead: ");
	page_put(page, NULL, rules[f->rule].instead);
	page_line(page, 2, 4);
	page_put(page, dim, "attack:");
	for (char *line; (line = strsep(&rest, "\n"));) {
		page_line(page, 4, 6);
		page_quoted(page, NULL, line);
	}
	free(attack);
}

/* Those that do not count, a line each. */
static void write_apart(struct page *page, const struct finding *const *order, size_t n)
{
	bool headed = false;

	for (size_t i = 0; i < n; i++) {
		const struct finding *f = order[i];

		if (finding_counts(f))
			continue;
		if (!headed)
			page_gap(page);
		headed = true;
		page_line(page, 0, 4);
		put_format(page, dim, "%s: %s %s", f->suppressed ? "suppressed" : "known",
			   rules[f->rule].name, f->path ? f->path : "");
	}
}

static void write_findings(struct page *page, const struct report *report,
			   const struct finding *const *order)
{
	const struct finding *last = NULL;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = order[i];

		if (!finding_counts(f))
			continue;
		if (!last || last->rule != f->rule) {
			if (last)
				write_advice(page, last);
			write_rule(page, report, f->rule);
		}
		write_finding(page, report, f);
		last = f;
	}
	if (last)
		write_advice(page, last);
}

void report_text(const struct report *report, const struct report_look *look, FILE *out)
{
	const struct finding **order = findings_in_order(report);
	struct page page = { .out = out, .look = look };

	write_head(&page, report);
	if (order) {
		write_findings(&page, report, order);
		write_apart(&page, order, report->n_findings);
	}
	page_end(&page);
	free(order);
}
