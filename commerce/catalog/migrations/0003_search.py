from django.db import migrations

FOLD = r"""
CREATE FUNCTION catalog_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(regexp_replace(
        replace(replace(replace(replace(translate(
            lower(normalize(value, NFKD)), 'ıłøđð', 'ilodd'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        '[\u0300-\u036f''’`´]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'))
$$;
"""

QUERY = r"""
CREATE FUNCTION catalog_query(value text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    words text[] := (string_to_array(catalog_fold(value), ' '))[1:12];
    meant text[];
    built tsquery;
    part tsquery;
    stem text;
BEGIN
    SELECT array_agg(w ORDER BY n) INTO meant FROM unnest(words) WITH ORDINALITY AS t(w, n)
        WHERE ts_lexize('english_stem', w) <> '{}';
    meant := coalesce(meant, words);
    FOR i IN 1 .. coalesce(cardinality(meant), 0) LOOP
        CONTINUE WHEN meant[i] = '';
        part := to_tsquery('simple',
            CASE WHEN i = cardinality(meant) AND length(meant[i]) >= 2 THEN meant[i] || ':*' ELSE meant[i] END);
        stem := (ts_lexize('english_stem', meant[i]))[1];
        IF stem IS NOT NULL AND stem <> meant[i] THEN
            part := part || to_tsquery('simple', stem);
        END IF;
        built := CASE WHEN built IS NULL THEN part ELSE built && part END;
    END LOOP;
    RETURN built;
END $$;
"""

TRIGRAMS = """
CREATE FUNCTION catalog_trigrams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr('  ' || word || ' ', n, 3)) FROM generate_series(1, length(word) + 1) AS n
$$;
"""


class Migration(migrations.Migration):
    """How search reads text: accents folded, the last word as a beginning, words by their trigrams. No extension needed."""

    dependencies = [("catalog", "0002_change_seq")]
    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION catalog_fold(text);"),
        migrations.RunSQL(QUERY, "DROP FUNCTION catalog_query(text);"),
        migrations.RunSQL(TRIGRAMS, "DROP FUNCTION catalog_trigrams(text);"),
    ]
