module.exports = {
  title: 'Tern',
  url: 'https://tern.example',
  baseUrl: '/',
  themes: ['@docusaurus/theme-classic'],
  plugins: ['@docusaurus/plugin-content-pages', '@docusaurus/plugin-content-docs'],
  themeConfig: {
    navbar: { title: 'Tern', items: [{ type: 'search', position: 'right' }] },
  },
};
