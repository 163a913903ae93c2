/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wordexp(3). Its glob is inside libc and reads the shared directories. So a mark is
 * put before the first pattern character of each word. No file name contains it, so the
 * pattern stays, and is expanded here afterwards. A mark behind the word keeps a slash at its
 * end, which glob(3) would cut off. Quoting, substitution and splitting remain libc's.
 *
 * Behind a pattern a substitution may become several fields, and libc takes each for a
 * pattern of its own. There the pattern characters themselves are hidden, so that libc sees
 * none, and all fields from one mark to the other are expanded here.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "wrap/exec.h"
#include "wrap/uncovered.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>
#include <wordexp.h>

WRAP(int, wordexp, const char *words, wordexp_t *found, int flags);

#ifdef __GLIBC__

static const char patterns[] = "*?[";

enum { PATTERNS = sizeof patterns - 1 };

/* Characters that neither the words nor the variables have. */
struct marks {
	char begin, end;
	char hidden[PATTERNS]; /* for one of patterns each */
};

static bool is_free(char mark, const char *words)
{
	if (strchr(words, mark))
		return false;
	for (char **entry = libc_environ; entry && *entry; entry++)
		if (strchr(*entry, mark))
			return false;
	return true;
}

/* False: there are too few. */
static bool choose_marks(struct marks *marks, const char *words)
{
	char all[2 + PATTERNS];
	size_t n = 0;

	for (char mark = 1; mark < ' ' && n < sizeof all; mark++)
		if (!strchr("\t\n\v\f\r", mark) && is_free(mark, words))
			all[n++] = mark;
	if (n < sizeof all)
		return false;
	marks->begin = all[0];
	marks->end = all[1];
	memcpy(marks->hidden, all + 2, PATTERNS);
	return true;
}

/* -- Where the marks go -- */

static const char *skip_quoted(const char *at);

/* Skips to after the backquote that closes the one before AT. */
static const char *skip_backquoted(const char *at)
{
	while (*at && *at != '`')
		at += *at == '\\' && at[1] ? 2 : 1;
	return at + (*at == '`');
}

/*
 * Skips to after the bracket CLOSE that closes the one before AT. Quotes hide brackets. UNENDED,
 * if any, becomes true where there is none.
 */
static const char *skip_nested(const char *at, char open, char close, bool *unended)
{
	int depth = 1;

	while (*at && depth) {
		if (*at == '\\' && at[1]) {
			at += 2;
		} else if (*at == '\'') {
			at += 1 + strcspn(at + 1, "'");
			at += *at == '\'';
		} else if (*at == '"') {
			at = skip_quoted(at + 1);
		} else {
			depth += (*at == open) - (*at == close);
			at++;
		}
	}
	if (depth && unended)
		*unended = true;
	return at;
}

/* Skips the substitution that begins with "$" at AT. UNENDED: see skip_nested. */
static const char *skip_dollar(const char *at, bool *unended)
{
	static const char digits[] = "0123456789",
			  name[] = "0123456789_abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	switch (*++at) {
	case '(': return skip_nested(at + 1, '(', ')', unended);
	case '{': return skip_nested(at + 1, '{', '}', unended);
	case '[': return skip_nested(at + 1, '[', ']', unended);
	case '*':
	case '@':
	case '#':
	case '$': return at + 1;
	default: /* a name, or a "$" alone */
		return at + strspn(at, *at >= '0' && *at <= '9' ? digits : name);
	}
}

/* Skips to after the double quote that closes the one before AT. */
static const char *skip_quoted(const char *at)
{
	while (*at && *at != '"') {
		if (*at == '\\' && at[1])
			at += 2;
		else if (*at == '$')
			at = skip_dollar(at, NULL);
		else if (*at == '`')
			at = skip_backquoted(at + 1);
		else
			at++;
	}
	return at + (*at == '"');
}

/* Writes the character C so that it is no more than that to libc, or hides it. */
static char *put_plain(char *out, char c, const struct marks *marks)
{
	const char *pattern = strchr(patterns, c);

	if (pattern) {
		*out++ = marks->hidden[pattern - patterns];
	} else if (c == '\n') { /* which a backslash would remove */
		out = text_put(out, "\"\n\"");
	} else {
		*out++ = '\\';
		*out++ = c;
	}
	return out;
}

/*
 * The same for a piece of a pattern, from AT to END, in the quotes QUOTE: 0, ' or ". It is read
 * as libc reads patterns, where no quote hides a pattern character, nor does a backslash
 * outside of quotes.
 */
static char *put_hidden(char *out, const char *at, const char *end, char quote,
			const struct marks *marks)
{
	if (*at == '$' && quote != '\'') {
		if (quote)
			*out++ = quote;
		out = text_put_bytes(out, at, (size_t)(end - at));
		if (quote)
			*out++ = quote;
		return out;
	}
	if (*at != '\\')
		return put_plain(out, *at, marks);
	if (at[1] == '\n')
		return out;
	if (quote && !strchr("$`\"\\", at[1]))
		out = put_plain(out, '\\', marks);
	return put_plain(out, at[1], marks);
}

/* The rest of a word, from its first pattern character on. */
struct pattern {
	const char *at, *end;
	bool splits; /* it has a substitution */
	bool open;   /* one that does not end */
};

/*
 * Measures the pattern that begins at p->at. A backslash with nothing behind it is not of it.
 * OUT: is given the pattern, with its characters hidden; or NULL. Returns the end of that.
 */
static char *take_pattern(struct pattern *p, const char *separators,
			  const struct marks *marks, char *out)
{
	const char *at = p->at, *begin;
	char quote = 0;

	while (*at && !strchr(separators, *at) && (*at != '\\' || at[1])) {
		begin = at;
		if (*at == '$' && quote != '\'') {
			at = skip_dollar(at, &p->open);
			p->splits = true;
		} else if (quote ? *at == quote : *at == '\'' || *at == '"') {
			quote = quote ? 0 : *at;
			at++;
			continue;
		} else {
			at += *at == '\\' ? 2 : 1;
		}
		if (out)
			out = put_hidden(out, begin, at, quote, marks);
	}
	p->end = at;
	return out;
}

/* Skips a user's name behind the "~" at AT, which libc takes as it is, or nothing more. */
static const char *skip_tilde(const char *at)
{
	const size_t len = strcspn(at, ":/ \t");

	return at + (memchr(at, '\\', len) ? 1 : len);
}

/* The next character from AT on that libc takes for a pattern, or NULL. */
static const char *find_pattern(const char *at, const char *separators)
{
	bool first = true; /* of a word */

	while (*at && !strchr(patterns, *at)) {
		const bool was_first = first;

		first = strchr(separators, *at);
		switch (*at) {
		case '~': at = was_first ? skip_tilde(at) : at + 1; break;
		case '\\': at += at[1] ? 2 : 1; break;
		case '\'':
			at += 1 + strcspn(at + 1, "'");
			at += *at == '\'';
			break;
		case '"': at = skip_quoted(at + 1); break;
		case '`': at = skip_backquoted(at + 1); break;
		case '$': at = skip_dollar(at, NULL); break;
		default: at++;
		}
	}
	return *at ? at : NULL;
}

/* Copies WORDS to OUT, which has three times the room, with marks. False: there are none. */
static bool put_marks(const char *words, const struct marks *marks, char *out)
{
	const char *separators = environment_value(libc_environ, "IFS");
	const char *at;
	bool any = false;

	if (!separators)
		separators = " \t\n";
	while ((at = find_pattern(words, separators))) {
		struct pattern p = { .at = at };

		take_pattern(&p, separators, marks, NULL);
		out = text_put_bytes(out, words, (size_t)(at - words));
		*out++ = marks->begin;
		if (p.splits)
			out = take_pattern(&p, separators, marks, out);
		else
			out = text_put_bytes(out, at, (size_t)(p.end - at));
		if (!p.open)
			*out++ = marks->end;
		/* A pattern ends its word, whatever separator is behind it. */
		if (!p.open && p.splits)
			*out++ = ' ';
		words = p.end;
		any = true;
	}
	strcpy(out, words);
	return any;
}

/* -- Expanding what is marked -- */

static void remove_marks(char *word, const struct marks *marks)
{
	char *to = word;

	for (; *word; word++) {
		const char *hidden = memchr(marks->hidden, *word, PATTERNS);

		if (*word != marks->begin && *word != marks->end)
			*to++ = hidden ? patterns[hidden - marks->hidden] : *word;
	}
	*to = '\0';
}

/* All matches in one word, where nothing is split; or NULL. */
static char *join_words(const glob_t *matches)
{
	size_t size = 1;
	char *word, *at;

	for (size_t i = 0; i < matches->gl_pathc; i++)
		size += strlen(matches->gl_pathv[i]) + 1;
	word = at = malloc(size);
	for (size_t i = 0; word && i < matches->gl_pathc; i++) {
		if (i)
			*at++ = ' ';
		at = text_put(at, matches->gl_pathv[i]);
	}
	return word;
}

/* Replaces the word at index AT by N words. False: no memory. */
static bool replace(wordexp_t *found, size_t at, char *const *words, size_t n)
{
	size_t offset = found->we_offs + at;
	size_t behind = found->we_wordc - at; /* with the final NULL */
	char **vector = found->we_wordv;

	if (n > 1)
		vector = realloc(vector, (offset + n + behind) * sizeof *vector);
	if (!vector)
		return false;
	found->we_wordv = vector;
	free(vector[offset]);
	memmove(vector + offset + n, vector + offset + 1, behind * sizeof *vector);
	memcpy(vector + offset, words, n * sizeof *vector);
	found->we_wordc += n - 1;
	return true;
}

/* Expands the word at index AT, which has no marks any more, into *COUNT words. */
static bool expand(wordexp_t *found, size_t at, size_t *count)
{
	const char *separators = environment_value(libc_environ, "IFS");
	char *word = found->we_wordv[found->we_offs + at], *joined;
	glob_t matches;
	bool done;

	*count = 1;
	if (glob(word, GLOB_NOCHECK, NULL, &matches) != 0)
		return false;
	*count = matches.gl_pathc;
	if (separators && !*separators) {
		joined = join_words(&matches);
		*count = 1;
		done = joined && replace(found, at, &joined, 1);
		LIBC(globfree)(&matches);
		return done;
	}
	done = replace(found, at, matches.gl_pathv, matches.gl_pathc);
	/* The strings belong to the words now. */
	if (done)
		matches.gl_pathc = 0;
	LIBC(globfree)(&matches);
	return done;
}

static __attribute__((noinline)) int
expand_marked(const char *marked, const struct marks *marks, wordexp_t *found, int flags)
{
	size_t at = flags & WRDE_APPEND ? found->we_wordc : 0, count;
	bool within = false;
	int saved = errno, ret = REAL(wordexp)(marked, found, flags);

	if (ret == 0)
		errno = saved; /* no match is no error */
	/* Goes on after an error, so that no mark stays. */
	for (; (ret == 0 || ret == WRDE_NOSPACE) && at < found->we_wordc; at += count) {
		char *word = found->we_wordv[found->we_offs + at];
		const bool ends = strchr(word, marks->end);

		within |= strchr(word, marks->begin) != NULL;
		count = 1;
		if (ends && !word[1]) {
			/* A field of its own, which libc would not have made. */
			replace(found, at, &word, 0);
			count = 0;
		} else if (within) {
			remove_marks(word, marks);
			if (!ret && !expand(found, at, &count))
				ret = WRDE_NOSPACE;
		}
		within &= !ends;
	}
	return ret;
}

/* Whether WORDS needs more than libc. */
static bool needs_more(const char *words)
{
	return strpbrk(words, patterns) && session_need() == 0 && pt_view.policy;
}

#endif

static int expand_words(const char *words, wordexp_t *found, int flags)
{
#ifdef __GLIBC__
	if (needs_more(words)) {
		size_t n = strlen(words);
		struct marks marks;
		char *marked = choose_marks(&marks, words) ? malloc(3 * n + 1) : NULL;
		int ret;

		if (!marked)
			return WRDE_NOSPACE;
		ret = put_marks(words, &marks, marked) ?
			      expand_marked(marked, &marks, found, flags) :
			      REAL(wordexp)(words, found, flags);
		free(marked);
		return ret;
	}
#endif
	return REAL(wordexp)(words, found, flags);
}

static bool has_command(const char *words)
{
	return strchr(words, '`') || strstr(words, "$(");
}

int pt_wordexp(const char *words, wordexp_t *found, int flags)
{
	/* Command substitution starts a shell. */
	const bool may_start = !(flags & WRDE_NOCMD) && strpbrk(words, "$`");
	struct shell shell;
	const int error = may_start ? exec_env_mend() : 0;
	int ret;

	if (may_start && has_command(words) && (error || !uncovered_shell(&shell, false)))
		flags |= WRDE_NOCMD;
	ret = expand_words(words, found, flags);
	if (may_start)
		exec_env_mended();
	return ret;
}
