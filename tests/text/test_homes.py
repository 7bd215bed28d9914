import pytest

from syndicate.text.homes import NO_ADDRESS, is_unknown


@pytest.mark.parametrize(
    "url",
    [
        "",
        NO_ADDRESS,
        "http://localhost:4000",
        "http://blog.localhost/tea",
        "http://127.0.0.1:1313",
        "http://127.1",
        "http://[::1]:8000",
        "http://0.0.0.0:4000",
        "http://192.168.1.4/blog",
        "http://10.0.0.3",
        "http://[fe80::1]",
        "http://intranet/blog",
        "http://blog.local",
        "https://tea.test",
        "https://tea.invalid",
        "https://example.com",
        "https://EXAMPLE.com./blog",
        "https://www.example.org",
        "https://example.net",
        "http://yoursite.com",
        "https://www.your-domain.com",
        "https://mydomain.com",
        "https://myurl.com",
        "http://hexo.example",
        "http://replace-this-with-your-hugo-site.com/",
        "https://your-docusaurus-site.example.com",
        "https://username.github.io",
        "https://your-github-username.github.io/repository",
        "https://yourusername.gitlab.io",
        "http://[::1",
    ],
)
def test_an_address_where_no_reader_finds_a_blog_is_unknown(url: str) -> None:
    """Placeholders of starters, one machine, one network."""
    assert is_unknown(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://notes.example.org",
        "https://tea.example",
        "https://mei.github.io/notes",
        "https://mysite.netlify.app",
        "https://myblog.com",
        "https://8.8.8.8/blog",
        "https://[2606:4700::1111]/",
        "https://xn--bcher-kva.de",
        "http://blog.corp",
    ],
)
def test_an_address_that_somebody_may_have_is_known(url: str) -> None:
    """What looks public is final."""
    assert not is_unknown(url)
